/** Log-probabilities of the tokens of one text, for outsiders' checks. */
package org.ssasuite.leaderboards.logprobs;
