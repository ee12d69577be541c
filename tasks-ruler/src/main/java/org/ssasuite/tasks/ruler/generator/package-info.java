/** The generators of RULER's samples, draw for draw those of their versions. */
package org.ssasuite.tasks.ruler.generator;
