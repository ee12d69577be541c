/** What a training run is: its specification, its JSON form and the recipes that come along. */
package org.ssasuite.trainer.recipe;
