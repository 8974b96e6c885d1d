"""``malmoi try``: one document at a time, from a shell, with the functions that the stages use."""
