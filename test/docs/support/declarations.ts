import path from "node:path";
import ts from "typescript";
import { ROOT } from "./markdown";

/** Reads the published declarations, for names that don't exist at run time, such as the fields of arguments. */
export class Declarations {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #exports: ReadonlyMap<string, ts.Symbol>;

  constructor() {
    const file = path.join(ROOT, "dist/index.d.ts");
    const lib = ["lib.es2015.d.ts", "lib.dom.d.ts"];
    this.#program = ts.createProgram([file], { lib, strict: true, types: [] });
    this.#checker = this.#program.getTypeChecker();
    const source = this.#program.getSourceFile(file);
    const module = source && this.#checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} exports nothing.`);
    this.#exports = new Map(this.#checker.getExportsOfModule(module).map((each) => [each.name, each]));
  }

  /** Returns an exported type's fields, with nested fields as `outer.inner`. */
  fieldsOf(name: string): string[] {
    return this.#fields(this.#typeOf(name));
  }

  /** Returns the members of an exported string union. */
  wordsOf(name: string): string[] {
    const type = this.#typeOf(name);
    const members = type.isUnion() ? type.types : [type];
    return members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []));
  }

  /** Returns the fields of the first argument of each of an exported type's methods, by method name. */
  argumentsOf(name: string): Map<string, string[]> {
    const methods = new Map<string, string[]>();
    for (const method of this.#typeOf(name).getProperties()) {
      const signatures = this.#checker.getTypeOfSymbol(method).getCallSignatures();
      const [parameter] = signatures.flatMap((signature) => signature.parameters.slice(0, 1));
      if (parameter) methods.set(method.name, this.#fields(this.#checker.getTypeOfSymbol(parameter)));
    }
    return methods;
  }

  #typeOf(name: string): ts.Type {
    const symbol = this.#exports.get(name);
    if (!symbol) throw new Error(`The library exports no type ${name}.`);
    const aliased = symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    return this.#checker.getDeclaredTypeOfSymbol(aliased);
  }

  #fields(type: ts.Type, prefix = ""): string[] {
    const members = type.isUnion() ? type.types : [type];
    const objects = members.filter((member) => this.#isPlainObject(member));
    return objects.flatMap((object) =>
      object.getProperties().flatMap((property) => {
        const inner = this.#fields(this.#checker.getTypeOfSymbol(property), `${prefix}${property.name}.`);
        return inner.length > 0 ? inner : [prefix + property.name];
      }),
    );
  }

  /**
   * Whether the type is an object with relevant fields, instead of a function, array, class, branded string or DOM
   * object like File.
   */
  #isPlainObject(type: ts.Type): boolean {
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
    if (type.isIntersection() && type.types.some(({ flags }) => flags & ts.TypeFlags.StringLike))
      return false;
    if (type.isClass() || type.getCallSignatures().length > 0 || this.#isDomType(type)) return false;
    return !this.#checker.isArrayLikeType(type);
  }

  #isDomType(type: ts.Type): boolean {
    const declarations = type.getSymbol()?.declarations ?? [];
    return declarations.some((each) => this.#program.isSourceFileDefaultLibrary(each.getSourceFile()));
  }
}
