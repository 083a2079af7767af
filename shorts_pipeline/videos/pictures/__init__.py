"""What a sentence is seen with: from libraries, folders, models, or drawn here."""
