/** Running tasks on models, and what a run leaves on disk. */
package org.ssasuite.core.run;
