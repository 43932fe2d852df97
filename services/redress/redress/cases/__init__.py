"""Cases of redress: opened by what other services tell, read by caseworkers."""
