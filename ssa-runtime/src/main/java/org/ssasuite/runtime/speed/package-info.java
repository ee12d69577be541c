/** How fast single operators and the nodes of a graph are. */
package org.ssasuite.runtime.speed;
