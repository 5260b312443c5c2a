"""Understanding: training data, the components that run inside Rasa, and how well they do."""
