/**
 * Reading and writing files: plain or packed text, JSON lines, digests, atomic replacement. What is
 * wrong with a file is a {@link org.ssasuite.core.BadInputException} that names it.
 */
package org.ssasuite.core.files;
