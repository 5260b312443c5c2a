"""A guided flow; what it asks stands in domain.yml, what follows in rules.yml."""
