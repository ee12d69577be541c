/** How far two modes of a model, or two models, are apart on one text. */
package org.ssasuite.leaderboards.divergence;
