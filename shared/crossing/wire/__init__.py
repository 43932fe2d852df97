"""What crosses a service: formats fixed by others, read and written in one place."""
