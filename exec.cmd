@rem package.json says "exec node ..." so that a signal sent to npm reaches Node and not only the shell between them.
@rem Windows has no exec, and finds this file.
@%*
