"""The morning report: what the night did, for the terminal, the task log and a page beside the release."""
