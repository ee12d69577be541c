/** Where attention went, read from the logs of finished runs: row against row, head by head. */
package org.ssasuite.core.run.attention;
