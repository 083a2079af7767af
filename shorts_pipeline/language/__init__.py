"""Korean and English text: tokens, sentences, numerals, graphemes, safe cutting."""
