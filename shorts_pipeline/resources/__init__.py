"""Connections as Dagster resources, each one class that works in and out of Dagster."""
