"""Airflow on one machine: set up, started, driven through its REST API, followed and stopped."""
