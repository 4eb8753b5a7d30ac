// Packages of the application's that this one does not install, as far as the examples use them.
declare module "@react-native-community/netinfo" {
  const NetInfo: { fetch(): Promise<{ isConnected: boolean | null }> };
  export default NetInfo;
}
declare module "react-native" {
  export const AppState: {
    addEventListener(type: "change", listener: (state: string) => void): { remove(): void };
  };
}
