using System.Security.Cryptography;

namespace Appliance.Router.Decoding;

/// <summary>The names and passwords that Mirai's scanner tries: those that makers of cameras, recorders and routers have shipped.</summary>
/// <remarks>
/// From the published scanner.c (github.com/jgamblin/Mirai-Source-Code, mirai/bot): 62 entries, one of them twice. Here stand their SHA-256, of the
/// name, a zero byte and the password, so that the program is no list of passwords.
/// </remarks>
internal static class DefaultCredentials
{
    /// <summary>Longer names and passwords are none of these: the longest has 13 bytes.</summary>
    public const int MaxBytes = 16;

    private const int DigestChars = 2 * SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Digests =>
        "0051839037c8d78148ce09e0154d04c6cdb39e4dbb9559c480b0f70ad21f6def"u8
        + "01b3472260f8bec4007b5102141d6291656b4a1f74cd2deda9b99bda76e36bbb"u8
        + "04c1f864c57db01859b87cca96e1cf801252e5c5628b9685ad43dc9863c92ee6"u8
        + "05926ddec62dea0e97c97d73da57f57877e9ec94d894117989ca0cd820bd0b48"u8
        + "05feb1aa170f8b69c8603f5ab7d6aa189f2400f08aec68fd8961cdbd5eb468f2"u8
        + "0d0e6b4543aac223c428b2f1ef74d19cfd31c570f660fcd8a63abfde05cdffea"u8
        + "1003f8e8fd254b46be7eb2e047e954d2c59ce269f4826c9bf26d7725559ffb3e"u8
        + "133122a61ab0da7b5ec7e94f54c9d7b848ffde03642c06c727a664421ed7a150"u8
        + "159a6dc640fc12b52cdff6afad06eeae57484990a81b28dbfad7d237bc79f82f"u8
        + "17293855ca2ebace398efd57a57692c8cb3d730d47ff0cd7dee8ba9192aab4bc"u8
        + "1d38013397193f42a0688d260c4aa555ddc9d8a0e609e050b253cce2dfa484bf"u8
        + "272086e357d570080b282da5124cb070d50bdcd395de48ae243e18968f945dc6"u8
        + "2c4f1e20f416048c1479696b7e89237a35445eb45fe2e85aad24550becdb7cfc"u8
        + "2f77565861eb5053711aa43b5a3f0c9dc179a708fec246b03e0f9e2cba0daa6f"u8
        + "32e29c34d4820e30945b097398cd6f962051e6f9cd08de64a22bd0a13c8f9a9c"u8
        + "359044d9ac210d5dbdb4030bd131e5bcbdb45fa6dfa2404caf0f79449fa6ae20"u8
        + "39429c4e002d04f67fceb5f80474deae51cf13d9e8495dbe759c8d3fed1764c1"u8
        + "397706d575da208394183fa6587b9f638c65097ba467a171423f633288f10412"u8
        + "3cd52efeb9bb13c03f45e8f63ba4153a3b60817c73c615480b468bdc402d014e"u8
        + "3f35bd398d05334db9cff402c5f5b6e49b4e267d2bb1185b7b62c514be3c18d8"u8
        + "41b19745f8d8a5c168e4725acf75f60ffeeadd35ed798d8f00ce4af65d728e9f"u8
        + "428850f6522027940f71ea42dd89031493aa3163107a0df32438a287c0a31991"u8
        + "45e38397994df9c7bb7d6c2977de848ac0ba758d5dc3d4b3fee3cc9f5333d552"u8
        + "492adeaa96b0681b1ca894c1b32fd5b9e0e5c9d84663bc45812dc1e701692464"u8
        + "65860856bdd71af8c4f80150d4be7fb1686a3a75f08016bc406b4dacf045a18d"u8
        + "6f6e730a6b750a9bfd1142fe44b94968cfbf833f874efcd71fe60dd5ba37fdf5"u8
        + "72a542cc9e9260fd29ed83f573f53f6f1481fe523c603a37e9faf1b5b94aafe3"u8
        + "72f4b1cb74fb125e1ef53e961057cde5b1b17b7f2ea17f9a2f21ed54cd1adffa"u8
        + "774c504a8de7a92d00bed6cf0d5a054709dcb41aa7d33c63f453b2b7b6ee9d89"u8
        + "80d0c417424256e175dbfe309c20cb0debd1305123338365fee647530bed522b"u8
        + "82c9246a6825ff0895e841315f92b1c4e0848595da4cdd2e23a2d95c7969954d"u8
        + "89ece1ecca397f20c628f9b6a542807f291120d7096ff6a61ccd81c75105b5fd"u8
        + "96987b71a8168a29f2654b3bca47bf302d18ee1b214f0fe117bf6590088a3729"u8
        + "99387f8b0eb5cc97657355946612473bb833510cf989046f916ea2a84ed24a7e"u8
        + "9dfc5a10ee856355f4242f35823a12b12248180409a20995abceb9f4bd4a8f10"u8
        + "a23956535716942bae3dc65569112e8f609a29140fb64cbd3ae2a642bea47dcd"u8
        + "aa1b05bbdf7ab7b983eb0239aab467f0c5a808eb5d8d1b106c18375e995c0553"u8
        + "ab143869757a53022e96437be9ea47c4ee18169bb3fbfa45b9356befd5b6f04a"u8
        + "ac72d965e39c8dedec05f5152d02faa48f55584dd14669a87ddf1876ad9bdea6"u8
        + "b33325e14c872285a88e57067d71dbc93a953e1b0a90f4a8124bcc160dd42803"u8
        + "b746054b42af3ff84d64bdeef52a9f0f0ddb375ec200e636a843618e6a7b1678"u8
        + "b79f58ae0de90b6e80586147a98588a5aec4206c33caf1a7541fb8386f291b64"u8
        + "b8d0e52ec3d6ac9b25386c8f7ab04d4a71db70d05aab38b4d5282517f8f8328f"u8
        + "be8cfbf0dc3f594d7e736639d946edc9753501ec8b601d70ecdc6f59913cccd1"u8
        + "c2703a36c7e75885bf4a2347894852beca8c2aef486c9a1526cc18884f07db9d"u8
        + "c2f8bc366103111fac71d320fb592ab96a3ba0f3dc6f64c2e18b3e267738d839"u8
        + "c52315d2d679dc51a86d392166a6ee69085f68c7e87c68bfd3f042369a623c25"u8
        + "c768ef8eb3e09392d728e19fee7d6e12a60284f3c22a9838be8d3ccabd1adb8f"u8
        + "ce32779f0689844da505969bbfee670a5655fc5290c1f5f9be91dfc2c5d053b0"u8
        + "cebb3ee4ebbbfd06d1b7845180f92355ce822cd97466348a8b90a82fdc98fa9d"u8
        + "d031eabead83efb90bdbf2533d26644cc25b90556652ed13ccc8b48e25dc172f"u8
        + "dbfeddc6d69a864e94ddb5ac8ab65d5c7978c5548440ce539f73b9007021ac94"u8
        + "dd00ea8a7ab5c2da25fd36509c52271451fabe76cdde3797a9cc627b62107eb1"u8
        + "de00fea4502028882a5f25b1f97cd7943d15f81cdf46713471b93e8ea73c7349"u8
        + "efdab23a0b87f23e7daf89c35eb1f4409047ee2e14d515094550c564c2cc4206"u8
        + "f2e99c32d20c2e6530dfd42ccb2a4f83dadf0b2f2ed258d019bbcba74841fe26"u8
        + "f60a9069c6ef39dab66965065a68230dfd02dbc4e8b9213ee3972acbb97c4603"u8
        + "f672324ad08354c7dc0dc93d20ec16dc381705ea04c1f38e409256a4e625a0eb"u8
        + "f9722c24a6d014b628cc1fcbb6476d6f951e9b52edec929d20b5491458c02d25"u8
        + "fa882384341d1d8c09ed83474de8d078a73b2ecd7af558b2ed664e2f0fcdd31b"u8
        + "fcafc61bc63a5e836947b1155fdbc0651cc50505424f3adee82f5fa1ef558b7a"u8;

    /// <summary>Whether name and password are one of the pairs.</summary>
    public static bool Contains(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        if (name.Length > MaxBytes || password.Length > MaxBytes)
        {
            return false;
        }

        Span<byte> pair = stackalloc byte[MaxBytes + 1 + MaxBytes];
        name.CopyTo(pair);
        pair[name.Length] = 0;
        password.CopyTo(pair[(name.Length + 1)..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(pair[..(name.Length + 1 + password.Length)], digest);
        CryptographicOperations.ZeroMemory(pair);
        return Holds(digest);
    }

    private static bool Holds(ReadOnlySpan<byte> digest)
    {
        Span<byte> text = stackalloc byte[DigestChars];
        Convert.TryToHexStringLower(digest, text, out _);
        for (var digests = Digests; !digests.IsEmpty; digests = digests[DigestChars..])
        {
            if (digests.StartsWith(text))
            {
                return true;
            }
        }

        return false;
    }
}
