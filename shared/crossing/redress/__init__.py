"""What redress and admission say to one another: remedies, what they change, and what a port must see afterwards."""
