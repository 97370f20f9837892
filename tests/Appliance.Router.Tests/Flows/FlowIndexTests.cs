using Appliance.Router.Flows;
using CsCheck;

namespace Appliance.Router.Tests.Flows;

public sealed class FlowIndexTests
{
    private const int Capacity = 64;

    [Fact]
    public void Finds_what_a_dictionary_finds_after_any_adding_and_removing()
    {
        // Few hashes, so that chains are long and holes in them must be closed.
        Gen.Select(Gen.Int[0, Capacity - 1], Gen.Bool).Array[0, 300].Sample(steps =>
        {
            var entries = new FlowEntry[Capacity];
            var index = new FlowIndex(entries);
            var held = new HashSet<int>();
            foreach (var (place, isAdded) in steps)
            {
                entries[place].LowPort = (ushort)place;
                if (isAdded && held.Add(place))
                {
                    index.Add(HashOf(place), place);
                }
                else if (!isAdded && held.Remove(place))
                {
                    index.Remove(HashOf(place), place);
                }
            }

            return Enumerable.Range(0, Capacity).All(place => index.Find(TupleOf(place), HashOf(place)) == (held.Contains(place) ? place : FlowLists.None));
        });
    }

    private static uint HashOf(int place) => (uint)(place % 5);

    private static FlowTuple TupleOf(int place) => new(0, 0, (ushort)place, 0, 0, IsSourceLow: true);
}
