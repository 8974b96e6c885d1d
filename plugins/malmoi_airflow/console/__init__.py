"""The corpus console: pages inside the Airflow UI that say what a night did and why a document is in or out."""
