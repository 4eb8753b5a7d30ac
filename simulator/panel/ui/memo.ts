import { Component, createElement, type ComponentClass, type JSX } from "preact";
import { isShallowEqual } from "./shallow-equal";

/**
 * Makes a component that renders again only when one of its properties has changed. Preact's own `memo` comes with the
 * React compatibility layer, which also changes how events work.
 */
export function memo<Props extends object>(component: (props: Props) => JSX.Element): ComponentClass<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      return !isShallowEqual(this.props, next);
    }

    render(): JSX.Element {
      return createElement(component, this.props);
    }
  };
}
