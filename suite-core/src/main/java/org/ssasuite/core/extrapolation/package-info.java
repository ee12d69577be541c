/** What a model loses on the same tokens when more stands before them than it was trained on. */
package org.ssasuite.core.extrapolation;
