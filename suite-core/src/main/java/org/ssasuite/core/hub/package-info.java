/** Data sets as hubs publish them and as programs of theirs keep them: which files are a split. */
package org.ssasuite.core.hub;
