// The bar above the document belongs to a layout that utoipa-swagger-ui leaves out: an empty preset takes the place of 75 kB.
window.SwaggerUIStandalonePreset = [];
