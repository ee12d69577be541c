/**
 * The nouns of an evaluation: requests and the models that answer them, tasks and the scores they
 * give, runs and what they leave behind. Nothing here knows how a model computes its answers.
 */
package org.ssasuite.core;
