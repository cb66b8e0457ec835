/** Loads the command line. It is a file of its own, because old versions of Node.js cannot read `import()`. */
import('../cli.js');
