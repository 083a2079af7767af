"""The one thing of a sentence worth showing large: chosen, charted, drawn."""
