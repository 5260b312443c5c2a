"""What the desk's pages about cases are made of: what is done to a case, how it is put into words, what is picked."""
