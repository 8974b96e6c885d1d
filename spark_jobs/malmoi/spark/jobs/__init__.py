"""The stages of a night as Spark jobs: plan units, run them, commit what they wrote."""
