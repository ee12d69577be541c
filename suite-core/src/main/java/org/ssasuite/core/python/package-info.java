/** What the references, all of them Python programs, mean by their string and number functions. */
package org.ssasuite.core.python;
