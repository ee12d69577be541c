/**
 * Tasks that users bring as a file: a descriptor says where the rows lie, what is asked about each,
 * and how the answers are scored.
 */
package org.ssasuite.core.described;
