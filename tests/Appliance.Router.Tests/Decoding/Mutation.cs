using CsCheck;

namespace Appliance.Router.Tests.Decoding;

/// <summary>Damage done to bytes: some changed, some cut off, some repeated.</summary>
internal sealed record Mutation(int Seed, (int Place, byte Value)[] Changes, int Cut, int Repeat)
{
    private static readonly byte[] Telling = [0, 1, 4, 5, 0x0f, 0x40, 0x45, 0x60, 0x7f, 0x80, 0xff];

    // Values that lengths and types turn on are as likely as all others together.
    private static readonly Gen<byte> Value = Gen.OneOf(Gen.Byte, Gen.Int[0, Telling.Length - 1].Select(place => Telling[place]));

    public static Gen<Mutation> For(int seedCount) => Gen.Select(
        Gen.Int[0, seedCount - 1],
        Gen.Select(Gen.Int[0, 2000], Value).Array[0, 6],
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 120])),
        Gen.Frequency((9, Gen.Const(0)), (1, Gen.Int[1, 64])),
        (seed, changes, cut, repeat) => new Mutation(seed, changes, cut, repeat));

    public byte[] Apply(byte[] seed)
    {
        byte[] bytes = [.. seed[..Math.Max(0, seed.Length - Cut)], .. seed[..Math.Min(Repeat, seed.Length)]];
        foreach (var (place, value) in Changes)
        {
            if (bytes.Length > 0)
            {
                bytes[place % bytes.Length] = value;
            }
        }

        return bytes;
    }
}
