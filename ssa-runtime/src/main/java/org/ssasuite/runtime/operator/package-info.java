/** The native operators, called one at a time on plain arrays. */
package org.ssasuite.runtime.operator;
