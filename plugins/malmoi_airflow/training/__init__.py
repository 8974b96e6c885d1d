"""Training from Airflow: the operator, its trigger, and the places where a job can run."""
