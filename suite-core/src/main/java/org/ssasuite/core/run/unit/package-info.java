/** What of a run is done as one piece, and which process does it. */
package org.ssasuite.core.run.unit;
