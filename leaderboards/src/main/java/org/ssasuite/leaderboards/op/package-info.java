/** Single operators on {@code .npy} files, for outsiders' checks. */
package org.ssasuite.leaderboards.op;
