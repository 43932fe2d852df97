"""The caseworkers' side of redress: the queue, routing, assignment, questions, drafts, decisions and what follows."""
