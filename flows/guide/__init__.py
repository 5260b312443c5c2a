"""What all guided flows share: their questions as data, how an answer is read, the actions behind the forms."""
