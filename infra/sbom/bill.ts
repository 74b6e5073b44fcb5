// The bill of materials of the bundles, in CycloneDX.
import { Factories } from '@cyclonedx/cyclonedx-library/Contrib/License';
import { ComponentType } from '@cyclonedx/cyclonedx-library/Enums';
import { Bom, Component, Property } from '@cyclonedx/cyclonedx-library/Models';
import { JSON as Cyclone, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6, Version } from '@cyclonedx/cyclonedx-library/Spec';
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation';
import { PackageURL } from 'packageurl-js';
import parse from 'spdx-expression-parse';
import { keyOf } from './bundled-packages.ts';
import type { BundledPackage } from './bundled-packages.ts';

/** What the bundles are of. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

const licences = new Factories.LicenseFactory((expression: string) => {
  parse(expression);
});

const purlOf = (name: string, version: string | null): string => {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  const namespace = slash < 0 ? undefined : name.slice(0, slash);
  return new PackageURL('npm', namespace, name.slice(slash + 1), version ?? undefined, undefined, undefined).toString();
};

const componentOf = (bundled: BundledPackage): Component => {
  const { name, version, licence, within } = bundled;
  const component = new Component(ComponentType.Library, name, { bomRef: keyOf(bundled), purl: purlOf(name, version) });
  if (version !== null) component.version = version;
  if (licence !== null) component.licenses.add(licences.makeFromString(licence));
  if (within !== null) component.properties.add(new Property('claimjump:copiedWithin', within));
  return component;
};

/** Says that a bill is not what CycloneDX's own schema asks for. */
export class BillError extends Error {
  constructor(faults: unknown) {
    super(`the bill of materials is not valid CycloneDX: ${JSON.stringify(faults)}`);
    this.name = 'BillError';
  }
}

/**
 * Writes the bill as CycloneDX 1.6 in JSON, the same for the same packages.
 * @throws BillError where the schema finds fault with it
 */
export const writeBill = async (product: Product, packages: readonly BundledPackage[]): Promise<string> => {
  const bom = new Bom();
  const itself = new Component(ComponentType.Application, product.name, { bomRef: product.name, version: product.version });
  itself.licenses.add(licences.makeFromString(product.licence));
  bom.metadata.component = itself;
  for (const bundled of packages) bom.components.add(componentOf(bundled));
  for (const component of bom.components) itself.dependencies.add(component.bomRef);
  const text = new JsonSerializer(new Cyclone.Normalize.Factory(Spec1dot6)).serialize(bom, { sortLists: true, space: 2 });
  const faults: unknown = await new JsonStrictValidator(Version.v1dot6).validate(text);
  if (faults !== null) throw new BillError(faults);
  return text;
};
