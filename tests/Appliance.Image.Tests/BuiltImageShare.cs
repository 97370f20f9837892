namespace Appliance.Image.Tests;

/// <summary>The tests that share one build.</summary>
[CollectionDefinition(Name)]
public sealed class BuiltImageShare : ICollectionFixture<BuiltImage>
{
    public const string Name = "Built image";
}
