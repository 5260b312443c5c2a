"""The steps of the pipeline in config.yml, in the order in which a message passes them."""
