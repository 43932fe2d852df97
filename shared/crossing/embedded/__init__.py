"""The whole suite in one process: three services under the gateway's paths, SQLite files, a development issuer."""
