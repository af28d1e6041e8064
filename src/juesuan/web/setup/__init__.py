"""An empty server set up in the browser: the first administrator, then the steps to the first filing."""
