"""The gateway that stands before the services: its configuration, its certificates, its process."""
