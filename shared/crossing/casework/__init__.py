"""What advance rulings and redress do alike: cases that follow a procedure, step by step, with deadlines."""
