/** {@code ssa verify}: a finished run counted again from its samples. */
package org.ssasuite.leaderboards.verify;
