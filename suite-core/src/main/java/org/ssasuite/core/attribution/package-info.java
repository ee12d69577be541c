/**
 * Why answers that stand in a stretch of their prompt are not found: whether attention looked
 * there, and whether the selection of blocks kept what it looked at. Definitions: {@link
 * org.ssasuite.core.attribution.FailureClass}.
 */
package org.ssasuite.core.attribution;
