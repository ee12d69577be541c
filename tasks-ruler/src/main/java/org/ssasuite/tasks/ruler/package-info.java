/** RULER's thirteen tasks. Holds no task yet. */
package org.ssasuite.tasks.ruler;
