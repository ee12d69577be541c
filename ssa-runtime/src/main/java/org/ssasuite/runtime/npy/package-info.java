/** NumPy's {@code .npy} files: how outsiders hand arrays to single operators and get them back. */
package org.ssasuite.runtime.npy;
