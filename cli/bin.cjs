#!/usr/bin/env node
/**
 * The command kms-functions. Checks the version of Node.js before it loads anything else, because old versions cannot
 * load the command line. The syntax is ES5, so that every version of Node.js can read this file.
 */
'use strict';

var needed = require('../package.json').engines.node.replace('>=', '');
var running = process.versions.node;

/** Returns whether a version is at least as new as another version. */
function isAtLeast(version, minimum) {
  var own = version.split('.').map(Number);
  var other = minimum.split('.').map(Number);
  return own[0] > other[0] || (own[0] === other[0] && own[1] >= other[1]);
}

function describeProblem() {
  var problem = ['kms-functions requires Node.js', needed, 'or later, but this is Node.js', running].join(' ');
  return problem.concat('. Install a current version from https://nodejs.org.\n');
}

if (isAtLeast(running, needed)) {
  require('./load-command-line.cjs');
} else {
  process.stderr.write(describeProblem());
  process.exitCode = 2;
}
