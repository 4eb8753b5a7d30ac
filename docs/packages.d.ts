// The parts that the examples use of packages that this package doesn't install.
declare module "@react-native-community/netinfo" {
  const NetInfo: { fetch(): Promise<{ isConnected: boolean | null }> };
  export default NetInfo;
}
declare module "react-native" {
  export const AppState: {
    addEventListener(type: "change", listener: (state: string) => void): { remove(): void };
  };
}
