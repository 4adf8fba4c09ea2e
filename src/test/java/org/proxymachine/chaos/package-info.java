/** A daemon among all that may befall it, and clients who know what they are owed. */
@org.jspecify.annotations.NullMarked
package org.proxymachine.chaos;
